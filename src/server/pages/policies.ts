/** What a page without scripts may load: its own styles, and pictures that it carries itself. */
export const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The page of the API description runs a script, from here only, which sets styles on elements and calls this exchange. */
export const scriptPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
  + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The page that verifies files runs its own script and may ask for nothing: what is chosen there cannot leave the browser. */
export const verifyPagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** A page where a passkey can be shown runs one script, from here only, which calls this exchange. */
export const passkeyPagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
