import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Answer } from './caller.js';

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document as it was served
type Json = any;

/** Holds answers against the schemas that the API's own description gives for them. */
export class DescribedAnswers {
  // Formats are annotations in JSON Schema 2020-12; words of OpenAPI beside it are none of the validator's.
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false });

  constructor(document: Json) {
    this.ajv.addSchema(document, 'api');
  }

  /** What does not fit the description; undefined when all does. */
  misfit(method: string, path: string, { status, body }: Answer<Json>): string | undefined {
    const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
    const place = `api#/paths/${escaped}/${method.toLowerCase()}/responses/${status}`;
    const validate = this.ajv.getSchema(`${place}/content/application~1json/schema`);
    if (!validate) return typeof body === 'string' ? undefined : `${status} is not described`;
    return validate(body) ? undefined : this.ajv.errorsText(validate.errors);
  }
}
