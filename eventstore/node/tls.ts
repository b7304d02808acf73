/** PEM texts. */
export interface TlsPair {
  readonly key: string;
  readonly certificate: string;
}
