"""Forms of the referrals: filter, recipient and terms of a request, and what each act asks for."""
