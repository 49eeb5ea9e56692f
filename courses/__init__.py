"""Course offers: public listing, eligibility, enrolment by case managers."""
