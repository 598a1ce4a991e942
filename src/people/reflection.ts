/**
 * The container inside `@peculiar/x509` (tsyringe) asks for the metadata part of an old proposal for `Reflect`, and uses three of its
 * functions, only on classes. They are put there before that library loads, unless another library has done so.
 */
interface Metadata {
  defineMetadata?: (key: unknown, value: unknown, target: object) => void;
  getOwnMetadata?: (key: unknown, target: object) => unknown;
  getMetadata?: (key: unknown, target: object) => unknown;
}

const kept = new WeakMap<object, Map<unknown, unknown>>();
const reflect = Reflect as Metadata;

if (reflect.getMetadata === undefined) {
  reflect.defineMetadata = (key, value, target) => { kept.set(target, (kept.get(target) ?? new Map<unknown, unknown>()).set(key, value)); };
  reflect.getOwnMetadata = (key, target) => kept.get(target)?.get(key);
  reflect.getMetadata = (key, target) => {
    for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      if (kept.get(at)?.has(key) === true) return kept.get(at)?.get(key);
    }
    return undefined;
  };
}
