// Administration: tables that sort and save, and forms that ask once before they are sent.

import { installAskingForms } from "../../shell/asking_forms.js";
import { installTables } from "../../shell/page_table.js";

installTables();
installAskingForms();
