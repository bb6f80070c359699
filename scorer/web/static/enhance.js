// Pages are whole without this: a few conveniences where scripts run.
"use strict";
