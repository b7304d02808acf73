export const operatorToken = (options: { operatorToken?: string }): string => {
  const token = options.operatorToken ?? (process.env['VERBATIM_OPERATOR_TOKEN'] || undefined);
  if (!token) throw new Error('No operator token. Set VERBATIM_OPERATOR_TOKEN to the one the server was started with.');
  return token;
};
