// How shapes are drawn: by the name that the layer was given.

import { token } from "../shell/tokens.js";

const GRID_LINE = token("map-grid-line");
const COMMUNITY_LINE = token("map-community-line");

export const STYLES = {
  community: { fill: false, color: COMMUNITY_LINE, weight: 2.6, opacity: 0.85, lineJoin: "round" },
  town: { fill: false, color: COMMUNITY_LINE, weight: 3.4, opacity: 0.9, dashArray: "10 4 2 4" },
  grid: { fill: true, fillColor: token("paper"), fillOpacity: 0.02, color: GRID_LINE, weight: 1, opacity: 0.8 },
  block: { fill: true, fillColor: token("paper"), fillOpacity: 0.02, color: GRID_LINE, weight: 0.5, opacity: 0.6 },
  choropleth: { fill: true, fillColor: token("paper"), fillOpacity: 0, color: GRID_LINE, weight: 1, opacity: 0.75 },
  own: { fill: false, color: token("accent"), weight: 3.4, opacity: 1, cased: true },
  selected: { color: token("map-selected"), weight: 4, opacity: 1, dashArray: null, cased: true },
  hover: { color: token("map-hover"), weight: 2.5, opacity: 1 },
};
