import { createPublicKey } from 'node:crypto';
import type { Config, JwtAlgorithm } from './config.js';

/** RFC 7518, 3.3. */
const MIN_RSA_BITS = 2048;

/** What doesn't fit together among the settings that say how tokens are checked. */
export function findIdentityFaults({ env, identity }: Config): readonly string[] {
  const { jwtAlgorithm, jwtSecret, jwtPublicKey, jwksUrl } = identity;
  const faults: string[] = [];
  if (jwtAlgorithm === 'HS256') {
    for (const [name, value] of Object.entries({ JWT_PUBLIC_KEY: jwtPublicKey, JWKS_URL: jwksUrl })) {
      if (value !== null)
        faults.push(
          `SLUICE_IDENTITY_${name} is set, but SLUICE_IDENTITY_JWT_ALGORITHM is HS256, which has a secret: ` +
            'expected RS256 or ES256',
        );
    }
  } else {
    if (jwtSecret !== null)
      faults.push(
        `SLUICE_IDENTITY_JWT_SECRET is set, but SLUICE_IDENTITY_JWT_ALGORITHM is ${jwtAlgorithm}, which has none`,
      );
    if ((jwtPublicKey === null) === (jwksUrl === null))
      faults.push(
        `SLUICE_IDENTITY_JWT_ALGORITHM is ${jwtAlgorithm}: ` +
          'expected just one of SLUICE_IDENTITY_JWT_PUBLIC_KEY and SLUICE_IDENTITY_JWKS_URL',
      );
    const misfit = jwtPublicKey === null ? null : findKeyMisfit(jwtPublicKey, jwtAlgorithm);
    if (misfit !== null) faults.push(`SLUICE_IDENTITY_JWT_PUBLIC_KEY ${misfit}`);
  }
  if (env === 'production' && jwksUrl !== null && new URL(jwksUrl).protocol !== 'https:')
    faults.push('SLUICE_IDENTITY_JWKS_URL is not https: whoever is on the way could give keys of their own');
  return faults;
}

function findKeyMisfit(pem: string, algorithm: Exclude<JwtAlgorithm, 'HS256'>): string | null {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey(pem);
  if (algorithm === 'ES256')
    return details?.namedCurve === 'prime256v1'
      ? null
      : 'is no key for ES256: expected one on the curve P-256';
  if (type !== 'rsa') return 'is no key for RS256: expected one of RSA';
  const bits = details?.modulusLength ?? 0;
  return bits >= MIN_RSA_BITS ? null : `has ${bits} bits: expected at least ${MIN_RSA_BITS}`;
}
