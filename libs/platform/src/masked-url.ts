/** Options of store URLs whose values are nobody else's business. */
const SECRET_OPTION = /([?&][^=&]*(?:password|secret|token|properties)[^=&]*=)[^&]*/gi;

/** A URL as it may be shown: with neither the user nor the password in it. */
export const maskedUrl = (url: string): string => url.replace(/\/\/.*@/, '//***@').replace(SECRET_OPTION, '$1***');
