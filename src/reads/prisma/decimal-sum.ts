/**
 * The sum of decimals as PostgreSQL prints it: with as many digits behind the point as the addend that has
 * most. Null for none.
 */
export function sumDecimals(addends: readonly string[]): string | null {
  if (addends.length === 0) return null;
  const specials = new Set(addends.filter((text) => !/^[+-]?[\d.]/.test(text)));
  // Infinities of both signs make NaN.
  if (specials.size > 0) return specials.size === 1 ? ([...specials][0] ?? 'NaN') : 'NaN';
  const scale = Math.max(...addends.map((text) => fractionOf(text).length));
  let units = 0n;
  for (const text of addends) {
    const fraction = fractionOf(text);
    units += BigInt(text.replace('.', '')) * 10n ** BigInt(scale - fraction.length);
  }
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`;
}

function fractionOf(text: string): string {
  const point = text.indexOf('.');
  return point < 0 ? '' : text.slice(point + 1);
}
