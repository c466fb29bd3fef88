import { readFileSync } from 'node:fs';
import { SETTINGS } from '../../src/kernel/config/settings.js';

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

describe('.env.example', () => {
  it('documents every variable with its meaning, in the order of the settings', () => {
    const blocks = example.split('\n\n').slice(1);
    const expected = Object.entries(SETTINGS).map(([name, setting]) => ({ name, about: setting.about }));
    const documented = blocks.map((block) => {
      const lines = block.trim().split('\n');
      const about = lines
        .filter((line) => line.startsWith('# '))
        .map((line) => line.slice(2))
        .join(' ');
      return {
        name: /^#?([A-Z_]+)=/.exec(lines.at(-1) ?? '')?.[1],
        about: about.replace(/ Expected: .*$/, ''),
      };
    });
    expect(documented).toEqual(expected);
  });

  it('shows values that are valid', () => {
    for (const [, name, value] of example.matchAll(/^#?([A-Z_]+)=(.*)$/gm)) {
      const setting = SETTINGS[name as keyof typeof SETTINGS];
      expect([name, setting.schema.safeParse(value).success]).toEqual([name, true]);
    }
  });

  it('sets nothing by itself, so that a copy of it changes nothing', () => {
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });
});
