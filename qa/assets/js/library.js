export const startLibrary = () => {};
