import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandTable, touches } from './commandTable.ts';
import { verbs } from './verbs.ts';

it('every command has its row in the table, and every row its command', async () => {
  const program = new Command('weir');
  for (const { name, load } of verbs) if (name !== 'completion') (await load())(program);
  const found: string[] = [];
  const walk = (command: Command, before: string): void => {
    for (const child of command.commands) {
      if (child.commands.length > 0) walk(child, `${before}${child.name()} `);
      else found.push(`${before}${child.name()}`);
    }
  };
  walk(program, '');
  expect(found.filter((name) => commandTable[name] === undefined)).toEqual([]);
  expect(Object.keys(commandTable).filter((name) => !found.includes(name))).toEqual([]);
});

it('docs/roles.md says what each touches', () => {
  const page = readFileSync(new URL('../../docs/roles.md', import.meta.url), 'utf8');
  for (const [touch, plain] of Object.entries(touches)) {
    const names = Object.entries(commandTable).filter(([, one]) => one === touch).map(([name]) => `\`${name}\``).join(', ');
    expect(page).toContain(`| ${plain} | ${names} |`);
  }
});
