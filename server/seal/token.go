package seal

// tokenLen is the length of a one-time token: 256 bits.
const tokenLen = 43

// Token makes a one-time token in base62: for links, single use and kept as a
// [Digest] only.
func Token() string { return base62(tokenLen) }
