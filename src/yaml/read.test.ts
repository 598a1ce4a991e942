import { describe, expect, it } from 'vitest';
import { inOrder, pathOf, readYaml, yamlProblemLine, type Locate, type Path } from './read.ts';

const text = `owners: [WA, OR]
driver:
  table: drivers
  "a/b": { name: N }
list:
  - one
  - two: 2
`;

describe('a file that a person writes', () => {
  it('is read, and every place in it can be named', () => {
    const where = locate(text);
    const at = (path: Path): string => {
      const { line, column } = where(path, 'odd', 'x');
      return `${line}:${column}`;
    };
    expect([['owners'], ['owners', '1'], ['driver', 'table'], ['driver', 'a/b', 'name'], ['list', '0'], ['list', '1', 'two']].map(at)).toEqual(['1:1', '1:14', '3:3', '4:12', '6:5', '7:5']);
  });

  it('is told at the nearest place above, where the place is not there', () => {
    const where = locate(text);
    expect(where(['driver', 'name', 'surname'], 'odd', 'is missing')).toEqual({ code: 'odd', line: 2, column: 1, at: 'driver.name.surname', message: 'is missing', mend: null });
    expect([['nowhere'], ['list', '9'], ['list', 'x'], ['owners', '0', 'deep']].map((path) => where(path, 'odd', 'x').line)).toEqual([1, 5, 5, 1]);
  });

  it.each([
    ['a: 1\nb: [', 'notYaml', 2], ['a: 1\na: 2', 'notYaml', 2], ['? [1, 2]\n: 3', 'notYaml', 1], ['- 1', 'notAMap', 1], ['', 'notAMap', 1], ['text', 'notAMap', 1], ['a: *none', 'notYaml', 1],
    [bomb(), 'notYaml', 1], ['# '.padEnd(262_145, 'x'), 'tooLarge', 1], ['a: 1\n---\nb: 2', 'notYaml', 2],
  ])('%# is refused with its line', (given, code, line) => {
    const reading = readYaml(given, 'begin with `a:`');
    expect(reading.ok ? null : [reading.problems[0]?.code, reading.problems[0]?.line]).toEqual([code, line]);
  });

  it('is told line by line', () => {
    const where = locate(text);
    const problems = inOrder([where(['list', '0'], 'odd', 'later'), where(['driver', 'table'], 'odd', 'second', 'mend it'), where(['owners'], 'odd', 'first')]);
    expect(problems.map((one) => yamlProblemLine('f.yaml', one))).toEqual(['f.yaml:1:1: `owners`: first', 'f.yaml:3:3: `driver.table`: second — mend it', 'f.yaml:6:5: `list.0`: later']);
    expect(yamlProblemLine('f.yaml', where([], 'odd', 'all of it'))).toBe('f.yaml:1:1: all of it');
  });

  it('has the paths of pointers', () => {
    expect(['', '/a/b', '/a~1b/c~0d/0', '/~01'].map(pathOf)).toEqual([[], ['a', 'b'], ['a/b', 'c~d', '0'], ['~1']]);
  });
});

function locate(given: string): Locate<'odd'> {
  const reading = readYaml<'odd'>(given, 'begin with `owners:`');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.where;
}

/** Aliases that would become many millions of values. */
function bomb(): string {
  return ['a0: &a0 [x, x]', ...Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`)].join('\n');
}
