import { createRequire } from 'node:module';

import type { FastifyServerOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Compiles every schema that was not used yet. Throws what a compiler throws. */
    compileSchemas(): void;
  }
}

type Factories = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;
type Validator = ((data: unknown) => unknown) & { readonly errors?: readonly object[] | null };
type Compiler<T> = (shared: unknown, options: unknown) => (route: unknown) => T;

/** Fastify's own compilers, resolved as Fastify resolves them. */
const own = createRequire(createRequire(import.meta.url).resolve('fastify'));
const validators = (own('@fastify/ajv-compiler') as () => Compiler<Validator>)();
const serialisers = (own('@fastify/fast-json-stringify-compiler') as () => Compiler<(data: unknown) => string>)();

/** The schemas of one server. */
export interface LazySchemas {
  /** For Fastify's `schemaController`. */
  readonly compilersFactory: Factories;
  /** Compiles what was not used yet, so that a test sees whether all of them can be. Throws what a compiler throws. */
  readonly compileAll: () => void;
}

/**
 * Compiles the schema of a route's input or answer when it is first used: to compile several hundred of them was most of what a listener cost to build, and few
 * are used in the first minute. Nothing passes unchecked: what came in, or goes out, waits for its own. A schema that cannot be compiled fails its route with 500.
 */
export function lazySchemas(): LazySchemas {
  const waiting = new Set<() => unknown>();
  const lazily = <T>(make: () => T): (() => T) => {
    let made: T | null = null;
    const get = (): T => {
      if (made !== null) return made;
      waiting.delete(get);
      return (made = make());
    };
    waiting.add(get);
    return get;
  };
  const buildValidator: Compiler<Validator> = (shared, options) => {
    const compiler = lazily(() => validators(shared, options));
    return (route) => {
      const validator = lazily(() => compiler()(route));
      // Fastify takes an object with an error from a function that keeps no errors on itself.
      return (data) => {
        const check = validator();
        const fits = check(data);
        return fits === false ? { error: check.errors ?? [] } : fits;
      };
    };
  };
  const buildSerializer: Compiler<(data: unknown) => string> = (shared, options) => {
    const compile = serialisers(shared, options);
    return (route) => {
      const serialiser = lazily(() => compile(route));
      return (data) => serialiser()(data);
    };
  };
  return {
    compilersFactory: { buildValidator, buildSerializer } as unknown as Factories,
    compileAll: () => { for (const get of waiting) get(); },
  };
}
