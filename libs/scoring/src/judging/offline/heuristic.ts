import type { Finding } from '../finding.js';
import type { Material } from './material.js';

/** What a heuristic may know of the criterion it serves. */
export interface Asked {
  readonly terms: ReadonlySet<string>;
  termsOf(text: string): Set<string>;
}

/** One rule of the offline judge, by the name of the sub-criterion it serves. */
export interface Heuristic {
  readonly id: string;
  /** For docs/judging.md, whose spec holds it to this. */
  readonly rule: string;
  find(material: Material, criterion: Asked): Finding;
}
