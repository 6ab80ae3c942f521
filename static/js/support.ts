/**
 * Tells the stylesheet that scripts run, before anything is drawn.
 *
 * nhsuk-frontend's own page template does this with an inline script, which our content security policy forbids.
 * It is loaded as a classic script as the first thing in <body>: a module would run too late and the page would jump.
 */
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("nhsuk-frontend-supported");
}
