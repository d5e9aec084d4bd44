"""Who uses a library with others: users, their sessions, what they may read, and what they did.

All of it is rows of records.sqlite. Who may do what over the network is `qa.web.access`'s business.
"""
