// Grids without a worker: a table that sorts, filters and saves.

import { installTables } from "../../shell/page_table.js";

installTables();
