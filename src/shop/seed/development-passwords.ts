/**
 * Hashes of the password `only for development`, by the key of the user: a customer, and the first of the staff. Made once,
 * as deriving them takes longer than many rows, and as a salt at random would make every seed another.
 */
export const DEVELOPMENT_PASSWORDS: ReadonlyMap<number, string> = new Map([
  [1, 'scrypt$32768$8$3$ZeIBmg2svHKtxejN2p5hdw$Q_hCpgemLbpuo33xs6USbacJC10SPHBGoUVxWNQqRtQ'],
  [28, 'scrypt$32768$8$3$eEwPc89LHff4NiEYyWgUMQ$6UlzZdZO3cmc4KyFnnnM8JyvJ_R6y85oiwi87BwcBR0'],
]);

export const NO_PASSWORDS: ReadonlyMap<number, string> = new Map();
