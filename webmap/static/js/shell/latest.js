// The newest wish counts: what is asked anew drops what was asked before, however late its answer comes.

/**
 * Give a function for one place of a page that shows answers.
 * `ask(work, show, fail)`: `work(signal)` fetches, then `show(answer)` or `fail(error)` is called,
 * unless something newer was asked for the place meanwhile; then neither is. `ask.drop()` asks nothing new.
 */
export function latest() {
  let current = null;
  const drop = () => {
    current?.abort();
    current = null;
  };
  const ask = async (work, show, fail) => {
    drop();
    const mine = new AbortController();
    current = mine;
    try {
      const answer = await work(mine.signal);
      if (current === mine) show(answer);
    } catch (error) {
      if (current !== mine) return;
      if (!fail) throw error;
      fail(error);
    }
  };
  return Object.assign(ask, { drop });
}
