package house

import (
	"context"

	"keystead/server/caller"
	"keystead/server/tokens"
	"keystead/server/verify"
	"keystead/shared/api"
)

// Tokens ask the evaluator about the key behind them, and the evaluator asks tokens what
// a presented one stands for. Here they meet.

// tokens are the acts on tokens that the evaluator needs.
func (h *House) tokens() verify.Tokens {
	return verify.Tokens{
		Read: func(ctx context.Context, presented string) (verify.Token, bool, error) {
			token, ok, err := h.Tokens.Read(ctx, presented)
			return verify.Token(token), ok, err
		},
		End: func(ctx context.Context, who caller.Caller, token verify.Token) error {
			return h.Tokens.End(ctx, who, tokens.Token(token))
		},
	}
}

// keyOf judges a presented key for an organization.
func (h *House) keyOf(ctx context.Context, presented api.Secret, org api.OrgID) (tokens.Holder, bool, error) {
	return holder(h.Verify.Check(ctx, presented.Reveal(), verify.Target{Org: org}))
}

// holderOf judges what stands behind a token.
func (h *House) holderOf(ctx context.Context, token tokens.Token) (tokens.Holder, bool, error) {
	return holder(h.Verify.CheckToken(ctx, verify.Token(token), verify.Target{}))
}

func holder(verdict verify.Verdict, err error) (tokens.Holder, bool, error) {
	if err != nil || !verdict.Valid() {
		return tokens.Holder{}, false, err
	}
	return tokens.Holder{Caller: verify.CallerOf(verdict), Scope: verdict.Permissions, Until: verdict.Until()}, true, nil
}
