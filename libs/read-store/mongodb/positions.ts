/** Positions are compared by the server: as text of one length they are in order and exact, whoever reads them. */
const DIGITS = 20;

export const positionText = (position: bigint): string => position.toString().padStart(DIGITS, '0');

export const positionOf = (text: string): bigint => BigInt(text);
