// Administration: tables that sort and save, and forms that ask once before they are sent.

import { installAskingForms } from "../asking_forms.js";
import { installTables } from "../page_table.js";

installTables();
installAskingForms();
