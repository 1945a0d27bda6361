/**
 * What takes messages, which the sender has left with `window.sondeo`: nobody's but ours.
 * @param {string} base Where the documents of formats are.
 * @returns {(message: any[]) => void}
 */
export const taken = (base) => {
  const call = window.sondeo.sender;
  delete window.sondeo.sender;
  call(["base", base]);
  return call;
};
