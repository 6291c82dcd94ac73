// The order of a table stands in the address: sort_TABLE=COLUMN, after a minus the largest first.

import { followAddress, readAddress, writeAddress } from "./address.js";

/**
 * Tie the order of a table to the address; `keys` are those of the columns that can be sorted.
 * `show({key, descending})` draws it so, `show(null)` in the order it came in. What the address says
 * at first is shown at once. Gives what is called with an order that the person chose.
 */
export function keepOrder(table, keys, show) {
  const name = `sort_${table}`;
  const orderOf = (said) => {
    const [, minus, key] = /^(-?)(.*)$/.exec(said[name]);
    return keys.includes(key) ? { key, descending: minus === "-" } : null;
  };
  let shown = "";
  const follow = (said) => {
    if (said[name] === shown) return;
    shown = said[name];
    show(orderOf(said));
  };
  follow(readAddress([name]));
  followAddress([name], follow);
  return ({ key, descending }) => {
    shown = `${descending ? "-" : ""}${key}`;
    writeAddress({ [name]: shown });
  };
}
