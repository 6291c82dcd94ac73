// My account: what ends every session asks once before it is sent.

import { installAskingForms } from "../../shell/asking_forms.js";

installAskingForms();
