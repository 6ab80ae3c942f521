/** What the page and the service worker call the same thing by. */
export const DATABASE = "sutg-tablet";
export const SYNC = "/api/v1/tablet/sync";
export const DAY = "/api/v1/tablet/today";
export const ENROL = "/api/v1/tablet/enrol";
export const DEPOSIT = "/api/v1/tablet/recovery-share";
export const RECOVER = "/api/v1/tablet/recover";
export const WORKER = "/tablet/sw.js";
export const SCOPE = "/tablet/";
/** The message that has a waiting version install itself. */
export const INSTALL_NOW = "install-now";
/** The tag under which the browser is asked to send later. */
export const SEND_LATER = "sutg-send";
