import { describe, expect, it } from 'vitest';
import { CodedError, MendableError } from './codedError.ts';

class Coded extends CodedError<'ONE' | 'TWO'> {
  override readonly name = 'Coded';
}
class Mendable extends MendableError<'THREE'> {
  override readonly name = 'Mendable';
}

describe('errors with a code', () => {
  it('keep the code, the message, the cause and the name of their class', () => {
    const cause = new Error('below');
    const error = new Coded('TWO', 'it went wrong', { cause });
    expect([error.code, error.message, error.cause, error.name, String(error)]).toEqual(['TWO', 'it went wrong', cause, 'Coded', 'Coded: it went wrong']);
    expect(error.stack?.split('\n', 1)[0]).toContain('it went wrong');
  });

  it('say what to do, and are told apart by class', () => {
    const cause = new Error('below');
    const error = new Mendable('THREE', 'it went wrong', 'Try again.', { cause });
    expect([error.code, error.message, error.mend, error.cause]).toEqual(['THREE', 'it went wrong', 'Try again.', cause]);
    expect([error instanceof Error, error instanceof CodedError, error instanceof Mendable, error instanceof Coded]).toEqual([true, true, true, false]);
  });
});
