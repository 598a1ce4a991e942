/** `scimType` of RFC 7644 section 3.12, and none where the standard has no word. */
export type ScimType = 'invalidFilter' | 'tooMany' | 'uniqueness' | 'mutability' | 'invalidSyntax' | 'invalidPath' | 'noTarget' | 'invalidValue' | 'invalidVers';

/** Why a directory's request was not done. The message is for whoever runs the directory; it carries no part of what was sent. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 501 | 503;
  readonly scimType: ScimType | null;

  constructor(status: ScimError['status'], scimType: ScimType | null, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.scimType = scimType;
  }
}

/** The body of an error (RFC 7644 section 3.12). */
export function scimErrorBody(status: number, scimType: ScimType | null, detail: string): object {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), ...(scimType === null ? {} : { scimType }), detail };
}
