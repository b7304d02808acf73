import fc from 'fast-check';

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document as it was served
type Json = any;

export interface StrangeRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const ODD_TEXT = [
  '',
  ' ',
  '\0',
  '\ud800',
  'a\u202eb',
  '../../etc/passwd',
  "' OR 1=1 --",
  '%',
  '$ne',
  'toString',
  'x'.repeat(300),
  '🎉'.repeat(200),
  '2031-02-30T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2035-01-01T00:00:00+14:00',
  'odd@example.com',
];
const ODD_NUMBERS = [0, -1, 1.5, 2 ** 53, 8.64e15, 8.64e15 + 1, -1e308, 5e-324, 501];

const oddText = fc.constantFrom(...ODD_TEXT);
const odd: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom<unknown>(...ODD_NUMBERS, null, true, [], {}),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What a schema describes, with something odd in every fifth place. */
function like(schema: Json, depth = 0): fc.Arbitrary<unknown> {
  const usual = usualOf(schema ?? {}, depth);
  return fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

function usualOf(schema: Json, depth: number): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return fc.oneof(...variants.map((one: Json) => like(one, depth + 1)));
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, like(one, depth + 1)]);
      return fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] });
    }
    case 'array':
      return depth > 4 ? fc.constant([]) : fc.array(like(schema.items, depth + 1), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 100, 100) });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.constantFrom('text', '2035-01-01T00:00:00Z', 'fuzz@example.com');
    default:
      return odd;
  }
}

const event = (types: readonly string[]) =>
  fc.record({
    id: fc.oneof({ weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 8 }) }, { weight: 1, arbitrary: odd }),
    type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...types) }, { weight: 1, arbitrary: odd }),
    timestampMs: fc.oneof({ weight: 4, arbitrary: fc.nat() }, { weight: 1, arbitrary: odd }),
    data: fc.oneof({ weight: 9, arbitrary: dataOfEvents }, { weight: 1, arbitrary: odd }),
  });

/** The fields that are read for structure, metrics or the snapshot, holding anything. */
const FIELDS =
  'content charCount exec change usage skillId name memoryId afterHash artifactId actor kind model sha256 raw';
const dataOfEvents = fc.dictionary(
  fc.constantFrom(...FIELDS.split(' ')),
  fc.oneof(odd, fc.record({ kind: odd, ok: odd, exitCode: odd, label: odd, tests: odd, artifactId: odd, actor: odd })),
  { maxKeys: 5 },
);

/** Requests for one operation of an OpenAPI document; the same for the same seed. */
export function strangeRequests(
  [method, path, operation]: readonly [string, string, Json],
  ids: Readonly<Record<string, string>>,
  types: readonly string[],
  { seed, count }: { readonly seed: number; readonly count: number },
): readonly StrangeRequest[] {
  const id = (name: string) =>
    fc.oneof({ weight: 6, arbitrary: fc.constant(ids[name] ?? 'none') }, { weight: 1, arbitrary: oddText });
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const parameters = (operation.parameters ?? []).filter((one: Json) => one.in === 'query');
  const query = fc.record(
    Object.fromEntries(parameters.map(({ name, schema }: Json) => [name, fc.oneof(like(schema), oddText)])),
    { requiredKeys: [] },
  );
  const schema = operation.requestBody?.content['application/json'].schema;
  const body = path.endsWith('/events')
    ? fc.record({ events: fc.array(event(types), { minLength: 1, maxLength: 6 }) })
    : like(schema);
  const request = fc.record({ named: fc.tuple(...names.map(id)), query, body });
  return fc.sample(request, { seed, numRuns: count }).map((one) => ({
    method,
    path: path.replace(/\{\w+\}/g, () => encoded(one.named.shift()) || 'x') + search(one.query as object),
    body: schema ? one.body : undefined,
  }));
}

const encoded = (value: unknown): string =>
  encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed());

const search = (query: object): string => {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encoded(value)}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
};
