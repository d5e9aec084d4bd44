// The box that a question is typed in.
export const questionBox = () => document.querySelector('#ask textarea');

export const fillBox = (text) => {
  questionBox().value = text;
  questionBox().dispatchEvent(new Event('input', { bubbles: true }));
};
