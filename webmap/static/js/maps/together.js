// Two maps that show the same place: one moves as the other does, and a mark shows where one points.

import { token } from "../shell/tokens.js";

/** Let each of two maps follow the other. */
export function follow(one, other) {
  let moving = false;
  const tie = (leader, follower) => leader.on("move", () => {
    if (moving) return;
    moving = true;
    follower.setView(leader.getCenter(), leader.getZoom(), { animate: false });
    moving = false;
  });
  tie(one, other);
  tie(other, one);
}

/** Show on each map where the pointer is on the other. */
export function pointBoth(one, other) {
  for (const [here, there] of [[one, other], [other, one]]) {
    const mark = L.circleMarker([0, 0], { radius: 6, color: token("map-selected"), weight: 2, fill: false, interactive: false });
    here.on("mousemove", (event) => mark.setLatLng(event.latlng).addTo(there));
    here.on("mouseout", () => mark.remove());
  }
}
