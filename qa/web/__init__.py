"""Serve: what stands between the browser and an assistant, without the page's framework."""
