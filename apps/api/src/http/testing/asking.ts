import type { tryOutApi } from './try-out-api.js';

type Api = Awaited<ReturnType<typeof tryOutApi>>;
export type Asked = Exclude<Parameters<Api['inject']>[0], string> & { as?: string; json?: string };

/** Ways to ask the try-out API; `as` is the credential, `json` a body as text. */
export function asking(api: () => Api) {
  const ask = async ({ as, json, ...rest }: Asked) => {
    const headers = {
      ...(as && { authorization: `Bearer ${as}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...rest.headers,
    };
    const response = await api().inject({ ...rest, headers, ...(json !== undefined && { payload: json }) });
    return { status: response.statusCode, headers: response.headers, body: response.json<Record<string, unknown>>() };
  };
  const refusal = async (request: Asked) => {
    const { status, body } = await ask(request);
    return { status, ...(body['error'] as { code: string; param?: string; message: string; details?: object }) };
  };
  const post = (body: unknown) => ({
    method: 'POST' as const,
    url: '/try/bodies',
    as: 'gai_admin',
    json: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { ask, refusal, post };
}
