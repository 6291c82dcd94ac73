// That the page waits for the server is seen: a line under the top bar, as long as anything is asked.

let asked = 0;

/** Do work that waits for the server; meanwhile the document bears `data-waiting`. */
export async function whileWaiting(work) {
  count(1);
  try {
    return await work();
  } finally {
    count(-1);
  }
}

function count(by) {
  asked += by;
  document.documentElement.toggleAttribute("data-waiting", asked > 0);
}
