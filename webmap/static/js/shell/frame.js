// The frame of every page: top bar, what opens from it, the panel.

import { installConnection } from "./connection.js";
import { installHint } from "./hint.js";
import { installOpenings } from "./opening.js";
import { installPanel } from "./panel.js";
import { installTopBar } from "./top_bar.js";

installOpenings();
installTopBar();
installPanel();
installConnection();
installHint();
