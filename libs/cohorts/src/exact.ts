/** A sum of quotients by their denominators: whole numbers as text, so that it is exact whatever came first. */
export type ExactSum = Readonly<Record<string, string>>;

export const plus = (sum: ExactSum, numerator: number, denominator: number): ExactSum => {
  const { [denominator]: before = '0', ...others } = sum;
  const after = BigInt(before) + BigInt(numerator);
  return after === 0n ? others : { ...others, [denominator]: String(after) };
};

/** The sum divided by `count`, half up, to so many decimals. */
export const roundedMean = (sum: ExactSum, count: number, decimals: number): number => {
  const common = Object.keys(sum).reduce((all, one) => leastCommonMultiple(all, BigInt(one)), 1n);
  const numerator = Object.entries(sum).reduce((all, [one, of]) => all + BigInt(of) * (common / BigInt(one)), 0n);
  return rounded(numerator, common * BigInt(count), decimals);
};

/** Of what is not negative. */
export const rounded = (numerator: bigint, denominator: bigint, decimals: number): number => {
  const scale = 10n ** BigInt(decimals);
  return Number((2n * numerator * scale + denominator) / (2n * denominator)) / Number(scale);
};

const leastCommonMultiple = (a: bigint, b: bigint): bigint => (a / greatestCommonDivisor(a, b)) * b;

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestCommonDivisor(b, a % b));
