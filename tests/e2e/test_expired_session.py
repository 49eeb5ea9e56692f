"""A session that ends while a form stands open costs a login, but no text; fragments never show the login."""

from agencies.roles import Role


def end_session(page) -> None:
    page.context.clear_cookies(name="kreisrund_session")


def test_form_sent_after_the_session_ended_comes_back_with_its_text(visit, portal):
    (admin,) = portal.members(("jobcenter", Role.VERWALTUNG))
    page = visit(admin)
    page.goto("/zugaenge/einladen/")
    page.get_by_label("Nachname").fill("Kovalenko")
    end_session(page)
    page.get_by_role("button", name="Einladen").click()
    page.wait_for_url("**/konto/login/?next=/zugaenge/einladen/")
    page.get_by_label("Anmeldename").fill(admin.user.username)
    page.get_by_label("Passwort").fill("kreisrund-tests")
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/zugaenge/einladen/")
    assert page.get_by_label("Nachname").input_value() == "Kovalenko"
    portal.sessions.clear()


def test_fragment_after_the_session_ended_moves_the_window_to_the_login(visit, portal):
    (worker,) = portal.members(("jobcenter", Role.FALLMANAGEMENT))
    page = visit(worker)
    page.goto("/arbeitsplatz/")
    page.get_by_role("heading", name="Fristen in meinen Fällen").wait_for()
    page.wait_for_load_state("networkidle")
    end_session(page)
    page.evaluate("htmx.ajax('GET', '/faelle/fristen/', 'main')")
    page.wait_for_url("**/konto/login/?next=/arbeitsplatz/")
