// What could not be had, said above the numbers.

/** Say what went wrong; null takes it away. */
export function report(error) {
  const place = document.getElementById("trouble");
  place.hidden = error === null;
  place.textContent = error === null ? "" : error.message;
}
