package api

// Strictest is the policy that meets all of ps: it decides about what acts in all
// of those organizations. The strictest of none is the default policy.
func Strictest(ps ...Policy) Policy {
	s := Policy{Reveal: RevealOwner, AllowNoExpiry: true, KeysManageKeys: true}
	for _, p := range ps {
		if p.Reveal == RevealNever {
			s.Reveal = RevealNever
		}
		s.DefaultLifetimeDays = fewer(s.DefaultLifetimeDays, p.DefaultLifetimeDays)
		s.MaxLifetimeDays = fewer(s.MaxLifetimeDays, p.MaxLifetimeDays)
		s.AllowNoExpiry = s.AllowNoExpiry && p.AllowNoExpiry
		s.KeysManageKeys = s.KeysManageKeys && p.KeysManageKeys
	}
	if s.DefaultLifetimeDays != nil {
		// One organization's default may lie above another's bound.
		s.DefaultLifetimeDays = fewer(s.DefaultLifetimeDays, s.MaxLifetimeDays)
	}
	return s
}

// fewer is the smaller number of days; nil is no bound.
func fewer(a, b *int) *int {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}
