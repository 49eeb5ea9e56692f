"""The cooperating agencies: who may do what, and the staff features nested below."""
