// Administration: tables that sort and save, places by name, forms that ask before they are sent.

import { installAskingForms } from "../../shell/asking_forms.js";
import { installTables } from "../../shell/page_table.js";
import { installLocating } from "../../location/locating.js";
import { installPlacePickers } from "../place_picker.js";

installTables();
installAskingForms();
installPlacePickers();
installLocating();
