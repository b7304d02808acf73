import { Injectable } from '@nestjs/common';
import { OpsStore } from '#ops-store';
import { notFound } from '#platform';
import { openBox, sealBox } from '#platform/sealed-box.js';

/** What a box belongs to: moved to another key it does not open. */
export interface BoxPlace {
  readonly candidateId: string;
  readonly keyId: string;
}

/** Keeps the text of keys sealed under the data key of whom each is for. */
@Injectable()
export class KeyVault {
  constructor(private readonly ops: OpsStore) {}

  /** @throws VerbatimError not_found: the candidate was erased */
  async seal({ candidateId, keyId }: BoxPlace, text: string): Promise<string> {
    const dataKey = await this.ops.keys.obtain(`candidate:${candidateId}`);
    if (dataKey.state === 'destroyed') throw notFound('candidate');
    return sealBox(dataKey.key, text, boundTo(keyId)).toString('base64');
  }

  /** Null when the candidate was erased. */
  async open({ candidateId, keyId, box }: BoxPlace & { readonly box: string }): Promise<string | null> {
    const dataKey = await this.ops.keys.find(`candidate:${candidateId}`);
    // Reading this as erased would pass a lost key store off as a deletion.
    if (!dataKey) throw new Error(`The operational store knows no data key for the candidate of key ${keyId}.`);
    return dataKey.state === 'destroyed'
      ? null
      : openBox(dataKey.key, Buffer.from(box, 'base64'), boundTo(keyId)).toString();
  }
}

const boundTo = (keyId: string): string => `candidate key\n${keyId}`;
