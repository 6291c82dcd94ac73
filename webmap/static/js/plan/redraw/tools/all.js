// Every tool by its name.

import { borderTool } from "./border.js";
import { cutTool, moveTool, splitTool } from "./line.js";
import { brushTool, lassoTool } from "./paint.js";
import { mergeTool, selectTool } from "./select.js";

export function makeTools(desk) {
  const border = borderTool(desk);
  return {
    select: selectTool(desk),
    paint: brushTool(desk),
    erase: brushTool(desk),
    lasso: lassoTool(desk),
    border,
    split: splitTool(desk),
    merge: mergeTool(desk),
    move: moveTool(desk, border.nearest),
    cut: cutTool(desk),
  };
}
