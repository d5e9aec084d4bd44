// Asks the server for something, or to change it. An error carries what it said.
export const call = async (path, options = {}) => {
  const headers = { ...options.headers, 'x-folio': '1' };
  const answer = await fetch(`/folio/${path}`, { ...options, headers });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message || said.detail || answer.status);
  return said;
};

export const post = (path, values = {}) =>
  call(`${path}?${new URLSearchParams(values)}`, { method: 'POST' });
