/** How the caller spelled the fields of each object: errors name a field as it was sent. */
export class Spelling {
  private readonly keys = new WeakMap<object, Map<string, string>>();

  note(target: object, field: string, key: string): void {
    if (key === field) return;
    const keys = this.keys.get(target) ?? new Map<string, string>();
    keys.set(field, key);
    this.keys.set(target, keys);
  }

  of(target: object | undefined, field: string): string {
    return (target && this.keys.get(target)?.get(field)) ?? field;
  }
}
