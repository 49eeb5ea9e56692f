"""Referrals between agencies: the closed loop from draft to outcome."""
