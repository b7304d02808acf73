import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { checkFields } from './check-fields.js';
import { isFieldClass } from './field-classes.js';
import { readBody } from './read-body.js';
import { readQuery } from './read-query.js';
import { Spelling } from './spelling.js';

/** Reads bodies and queries into the classes that handlers declare, or refuses them with the field that is wrong. */
@Injectable()
export class FieldsPipe implements PipeTransform {
  transform(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    if (data !== undefined || !isFieldClass(metatype)) return value;
    const spelling = new Spelling();
    if (type === 'body') {
      const body = readBody(metatype, value, spelling);
      checkFields(body, spelling);
      return body;
    }
    if (type === 'query') {
      const query = readQuery(metatype, value as Readonly<Record<string, unknown>>);
      checkFields(query, spelling);
      return query;
    }
    return value;
  }
}
